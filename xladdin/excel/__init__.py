"""The Excel front-end: ribbon, add-in, installation, and the only room that imports xlwings."""
