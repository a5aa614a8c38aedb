"""The offline installer: Python, the libraries and xladdin in one zip, made on any system, run on Windows."""
