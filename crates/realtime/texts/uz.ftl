realtime-topic-malformed = Mavzu kichik lotin harflari, raqamlar, chiziqcha va nuqtadan tuziladi: order.shipped
realtime-too-many = Ochiq oqimlar juda koʻp. Keraksiz oynalarni yoping
realtime-data-too-long = Maʼlumot { $bytes } baytdan oshmasligi kerak
