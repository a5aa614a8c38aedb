"""The panel: the ribbon's commands in a window of their own, for an Excel that may start no program and for WPS."""
