import SignalCommands

SignalTool.run()
