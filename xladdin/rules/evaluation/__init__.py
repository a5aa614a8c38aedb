"""Rules for a 绩效自评表 by itself."""
