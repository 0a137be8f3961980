"""MyoWare 2.0 muscle sensors with the maker's Wireless Shield."""
