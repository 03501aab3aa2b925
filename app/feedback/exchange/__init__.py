"""Other systems: Open311 GeoReport v2, by which they read public answers and send what people told them."""
