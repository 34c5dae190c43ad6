"""A file of regions: a province and its cities, a city and its counties (省—市—县)."""
