"""The Windows half on a genuine Windows Python under Wine: all but Excel itself. `bash .ci/wine` runs it."""
