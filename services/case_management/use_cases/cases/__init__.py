"""Cases of public assistance (ケース): opened for an application, handed over, listed by number."""
