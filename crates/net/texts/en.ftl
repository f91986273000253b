net-address-invalid = The address “{ $address }” is wrong: it must begin with http:// or https://.
net-address-refused = “{ $host }” is in a private network and is not reached. Whoever runs the server can allow it.
