"""All statistics, pure: numpy and scipy.special only. Nothing here knows about units, surveys or tables."""
