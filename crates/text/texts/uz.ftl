kernel-number-malformed = Bu son emas
kernel-number-too-precise = Verguldan keyingi xonalar juda koʻp
kernel-number-too-large = Son juda katta
kernel-moment-malformed = Vaqt notoʻgʻri; namuna: 2026-11-20T09:30:00Z
kernel-date-malformed = Sana notoʻgʻri; namuna: 20.11.2026
kernel-phone-malformed = Telefon raqami notoʻgʻri; namuna: +998 90 123 45 67
kernel-tin-malformed = STIR 9 ta, QQS toʻlovchi kodi 12 ta, JSHSHIR 14 ta raqamdan iborat
kernel-pinfl-malformed = JSHSHIR 14 ta raqamdan iborat
kernel-mxik-malformed = MXIK 17 ta raqamdan iborat
kernel-barcode-malformed = Shtrix-kod notoʻgʻri: nazorat raqami mos emas
kernel-text-missing = Toʻldirilishi shart
kernel-text-too-long = Matn juda uzun, koʻpi bilan { $max } ta belgi
kernel-text-has-control = Matnda koʻrinmas boshqaruv belgisi bor
kernel-fields-invalid = Belgilangan maydonlarni tuzating
kernel-not-found = Bunday yozuv yoʻq yoki oʻchirilgan
kernel-forbidden = Bunga ruxsatingiz yoʻq
kernel-unauthenticated = Avval tizimga kiring
kernel-busy = Server hozir band, birozdan soʻng qayta urinib koʻring
kernel-internal = Bizda xatolik yuz berdi, u qayd etildi. Birozdan soʻng qayta urinib koʻring
db-text-has-nul = Matnda koʻrinmas nol belgisi bor
net-address-invalid = “{ $address }” manzili notoʻgʻri: http:// yoki https:// bilan boshlanishi kerak.
net-address-refused = “{ $host }” ichki tarmoqda, unga ulanish mumkin emas. Server egasi ruxsat berishi mumkin.

# Limits that the operator of the server sets

kernel-limit-members = Bu yerda koʻpi bilan { $most } ta a’zo ishlay oladi. Koʻproq kerak boʻlsa, server operatoriga murojaat qiling
kernel-limit-bots = Bu yerda koʻpi bilan { $most } ta bot boʻladi. Koʻproq kerak boʻlsa, server operatoriga murojaat qiling
kernel-limit-contacts = Bu yerda koʻpi bilan { $most } ta kontakt boʻladi. Koʻproq kerak boʻlsa, server operatoriga murojaat qiling
