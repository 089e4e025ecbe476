"""The outside world as one program: WeChat, core bank, bureau, tax, SMS, time stamps and a demo shop on one port."""
