"""Forms on paper: all of them as one PDF with a cover and contents."""

from .printed import Printed, print_forms

__all__ = ["Printed", "print_forms"]
