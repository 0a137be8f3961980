"""Any device that prints lines of numbers."""
