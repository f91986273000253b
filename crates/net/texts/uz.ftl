net-address-invalid = “{ $address }” manzili notoʻgʻri: http:// yoki https:// bilan boshlanishi kerak.
net-address-refused = “{ $host }” ichki tarmoqda, unga ulanish mumkin emas. Server egasi ruxsat berishi mumkin.
