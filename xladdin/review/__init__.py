"""Files and folders looked at: read, paired, judged; a review holds what was found."""
