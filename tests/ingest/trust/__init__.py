"""Who a mail comes from: signatures made at test time, a DNS of the tests' own, and every way to pretend."""
