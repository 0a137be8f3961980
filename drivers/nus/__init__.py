"""Any board that prints lines of numbers over the Nordic UART service."""
