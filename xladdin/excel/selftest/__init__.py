"""全面自检: in a scratch workbook every doubtful call we make is tried in the real Excel, and told in one report."""
