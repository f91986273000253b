realtime-topic-malformed = A topic is made of small Latin letters, digits, dashes and dots: order.shipped
realtime-too-many = Too many streams are open. Close the windows you do not need
realtime-data-too-long = The data must not be longer than { $bytes } bytes
