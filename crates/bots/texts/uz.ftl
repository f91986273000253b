bots-bots = Bots
