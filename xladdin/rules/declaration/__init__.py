"""Rules for a 绩效目标申报表 by itself."""
