using FsCheck;
using FsCheck.Fluent;
using Plug1.Kernel;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;
using Shouldly;
using Xunit;
using static Plug1.Sales.Tests.Pricing.Given;

namespace Plug1.Sales.Tests.Pricing;

public sealed class TenderSettlementTests
{
    private static readonly TillState Till = new();
    private static readonly TenderMethod Cash = new("CASH", TenderType.Cash) { RoundingStep = Euro("0.05"), OverTender = true };
    private static readonly TenderMethod Card = new("CARD", TenderType.Card);

    [Fact]
    public void Cash_of_50_00_for_20_96_rounds_to_20_95_and_gives_29_05_back()
    {
        var settlement = Settle("20.96", (Cash, "50.00")).Value;
        settlement.CashDue.ShouldBe(Euro("20.95"));
        settlement.Rounding.ShouldBe(Euro("-0.01"));
        settlement.Change.ShouldBe(Euro("29.05"));
        settlement.Payable.ShouldBe(Euro("20.95"));
        settlement.Tenders.ShouldHaveSingleItem().Amount.ShouldBe(Euro("20.95"));
    }

    [Fact]
    public void Card_10_00_then_cash_11_00_leaves_10_95_in_cash_and_0_05_change()
    {
        foreach (var tenders in new (TenderMethod, string?)[][] { [(Card, "10.00"), (Cash, "11.00")], [(Cash, "11.00"), (Card, "10.00")] })
        {
            var settlement = Settle("20.96", tenders).Value;
            settlement.Tenders.Select(tender => tender.Method).ShouldBe([Card, Cash]);
            settlement.CashDue.ShouldBe(Euro("10.95"));
            settlement.Change.ShouldBe(Euro("0.05"));
            settlement.Rounding.ShouldBe(Euro("-0.01"));
        }
    }

    [Fact]
    public void A_card_of_25_00_gives_no_change() => Code("20.96", (Card, "25.00")).ShouldBe("POS_CHANGE_NOT_ALLOWED");

    [Fact]
    public void Without_cash_nothing_is_rounded()
    {
        var settlement = Settle("20.96", (Card, "20.96")).Value;
        settlement.Rounding.IsZero.ShouldBeTrue();
        settlement.CashDue.ShouldBeNull();
    }

    [Fact]
    public void Too_little_is_a_mismatch_that_says_what_is_left()
    {
        Settle("20.96", (Card, "10.00")).Refusal!.Message.ShouldBe("10.96 is still to pay.");
        Settle("20.96", (Cash, "20.90")).Refusal!.Message.ShouldBe("0.05 is still to pay.");
        Code("20.96").ShouldBe("POS_PAYMENT_MISMATCH");
        Code("20.96", (Card, "-1.00")).ShouldBe("POS_PAYMENT_MISMATCH");
        Code("-20.96").ShouldBe("POS_PAYMENT_MISMATCH");
    }

    [Fact]
    public void A_tender_without_amount_pays_the_rest()
    {
        Settle("20.96", (Cash, null)).Value.Change.IsZero.ShouldBeTrue();
        Settle("20.96", (Card, "10.00"), (Card, null)).Value.Tenders[1].Amount.ShouldBe(Euro("10.96"));
        Settle("0.00").Value.Tenders.ShouldBeEmpty();
    }

    [Fact]
    public void Cash_handed_over_in_two_steps_is_one_payment() =>
        Settle("20.96", (Cash, "20.00"), (Cash, "1.00")).Value.Change.ShouldBe(Euro("0.05"));

    [Theory]
    [InlineData(Rounding.HalfAwayFromZero, "-3.33", "-3.35", "-0.02")]
    [InlineData(Rounding.Down, "-3.33", "-3.30", "0.03")]
    [InlineData(Rounding.Up, "-3.31", "-3.35", "-0.04")]
    public void Cash_paid_back_is_rounded_with_the_sign_aside(Rounding mode, string due, string cashDue, string rounding)
    {
        var settlement = Settle(due, (Cash with { RoundingMode = mode }, null)).Value;
        settlement.CashDue.ShouldBe(Euro(cashDue));
        settlement.Rounding.ShouldBe(Euro(rounding));
        settlement.Tenders[0].Amount.ShouldBe(Euro(cashDue));
    }

    [Fact]
    public void More_cannot_be_paid_back_than_is_due() => Code("-3.33", (Cash, "-5.00")).ShouldBe("POS_PAYMENT_MISMATCH");

    [Fact]
    public void A_method_says_what_it_needs()
    {
        var voucher = new TenderMethod("GIFT", TenderType.Voucher) { NeedsReference = true, Offline = false };
        var account = new TenderMethod("ACCOUNT", TenderType.Account);
        Code("5.00", (voucher, "5.00")).ShouldBe("POS_TENDER_REFERENCE_REQUIRED");
        Code("5.00", (account, "5.00")).ShouldBe("POS_CUSTOMER_REQUIRED");
        Code("5.00", (Card with { MaxAmount = Euro("4.99") }, "5.00")).ShouldBe("POS_TENDER_NOT_ALLOWED");
        Code("5.00", (Cash, "2.00"), (Cash with { Code = "CASH2" }, "3.00")).ShouldBe("POS_TENDER_NOT_ALLOWED");
        TenderSettlement.Settle(Euro("5.00"), [new Tender(voucher, Euro("5.00"), "123")], new TillState(Offline: true))
            .Refusal!.Code.ShouldBe("POS_TENDER_OFFLINE");
        TenderSettlement.Settle(Euro("5.00"), [new Tender(account, Euro("5.00"))], new TillState(HasCustomer: true))
            .IsRefused.ShouldBeFalse();
        TenderSettlement.Settle(Euro("5.00"), [new Tender(Card, Money.Parse("5", Currencies.Of("USD")))], Till)
            .Refusal!.Code.ShouldBe("CURRENCY_MISMATCH");
        TenderSettlement.Settle(Euro("5.00"), [new Tender(Cash, new Money(long.MaxValue, Eur))], Till)
            .Refusal!.Code.ShouldBe("AMOUNT_TOO_LARGE");
    }

    [Fact]
    public void What_is_settled_sums_to_due_and_rounding() =>
        Prop.ForAll(
            Gen.Choose(-50_000, 50_000).ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(),
            Gen.Elements(Rounding.HalfAwayFromZero, Rounding.Down, Rounding.Up).ToArbitrary(),
            (due, percent, mode) =>
            {
                var card = new Money((long)due * percent / 100, Eur);
                var settlement = TenderSettlement.Settle(
                    new Money(due, Eur), [new Tender(Card, card), new Tender(Cash with { RoundingMode = mode })], Till).Value;
                return Money.Sum(Eur, settlement.Tenders.Select(tender => tender.Amount)) == settlement.Payable
                    && settlement.Rounding.Absolute < Euro("0.05")
                    && settlement.CashDue!.Value.Minor % 5 == 0;
            }).QuickCheckThrowOnFailure();

    private static Result<Settlement> Settle(string due, params (TenderMethod Method, string? Given)[] tenders) =>
        TenderSettlement.Settle(
            Euro(due), [.. tenders.Select(tender => new Tender(tender.Method, tender.Given is { } given ? Euro(given) : null))], Till);

    private static string Code(string due, params (TenderMethod Method, string? Given)[] tenders) => Settle(due, tenders).Refusal!.Code;
}
