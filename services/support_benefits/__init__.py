"""Support benefits (中国残留邦人等支援給付): cases, circumstances, determinations. Names stay in the register."""
