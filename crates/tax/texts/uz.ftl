tax-rate-day-taken = Bu kundan boshlanadigan stavka allaqachon bor
tax-rate-out-of-range = Stavka 0 dan 100 foizgacha boʻladi
tax-rates-too-many = Stavkalar juda koʻp, koʻpi bilan { $max } ta
