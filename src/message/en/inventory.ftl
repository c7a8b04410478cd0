# inventory
