"""Public assistance (生活保護): the register of residents, cases, circumstances, determinations."""
