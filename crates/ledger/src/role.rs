//! What an account is used for. Documents post to roles; which account a role is, the workspace says. Pure.

macro_rules! roles {
    ($($name:ident = $word:literal, $code:literal, $key:literal;)*) => {
        /// What an account is used for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the words say it")]
        pub enum Role { $($name),* }

        impl Role {
            /// All of them, in the order of their accounts.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word that is stored and that the API speaks.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// The account of NSBU 21 that it is unless the workspace says otherwise.
            pub const fn default_code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The key of its name.
            pub const fn text_key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }
        }
    };
}

roles! {
    Goods = "goods", "2910", "ledger-role-goods";
    GoodsInTransit = "goods_in_transit", "2970", "ledger-role-goods-in-transit";
    Customers = "customers", "4010", "ledger-role-customers";
    StaffAdvances = "staff_advances", "4230", "ledger-role-staff-advances";
    SupplierAdvances = "supplier_advances", "4310", "ledger-role-supplier-advances";
    VatInput = "vat_input", "4410", "ledger-role-vat-input";
    Cash = "cash", "5010", "ledger-role-cash";
    Bank = "bank", "5110", "ledger-role-bank";
    MoneyInTransit = "money_in_transit", "5710", "ledger-role-money-in-transit";
    Shortages = "shortages", "5910", "ledger-role-shortages";
    Suppliers = "suppliers", "6010", "ledger-role-suppliers";
    CustomerAdvances = "customer_advances", "6310", "ledger-role-customer-advances";
    VatOutput = "vat_output", "6410", "ledger-role-vat-output";
    SocialTax = "social_tax", "6520", "ledger-role-social-tax";
    Wages = "wages", "6710", "ledger-role-wages";
    Opening = "opening", "8720", "ledger-role-opening";
    RevenueGoods = "revenue_goods", "9020", "ledger-role-revenue-goods";
    RevenueServices = "revenue_services", "9030", "ledger-role-revenue-services";
    Returns = "returns", "9040", "ledger-role-returns";
    Discounts = "discounts", "9050", "ledger-role-discounts";
    CostOfGoods = "cost_of_goods", "9120", "ledger-role-cost-of-goods";
    CostOfServices = "cost_of_services", "9130", "ledger-role-cost-of-services";
    OtherIncome = "other_income", "9390", "ledger-role-other-income";
    SellingExpenses = "selling_expenses", "9410", "ledger-role-selling-expenses";
    AdministrativeExpenses = "administrative_expenses", "9420", "ledger-role-administrative-expenses";
    OtherExpenses = "other_expenses", "9430", "ledger-role-other-expenses";
    ProfitTax = "profit_tax", "9810", "ledger-role-profit-tax";
    Result = "result", "9910", "ledger-role-result";
}

impl Role {
    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.word() == word)
    }
}
