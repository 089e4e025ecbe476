"""What customers are told: each event once, through WeChat, by SMS, and always in the inbox."""
