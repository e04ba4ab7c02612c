using Plug1.Kernel.Values;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Values;

public sealed class MoneyTests
{
    private static readonly Currency Eur = Currencies.Of("EUR");

    private static Money Euro(string text) => Money.Parse(text, Eur);

    [Theory]
    [InlineData("EUR", "12.50", 1250)]
    [InlineData("EUR", "-0.05", -5)]
    [InlineData("EUR", "7", 700)]
    [InlineData("JPY", "1200", 1200)]
    [InlineData("KWD", "1.234", 1234)]
    [InlineData("EUR", "-92233720368547758.08", long.MinValue)]
    [InlineData("EUR", "92233720368547758.07", long.MaxValue)]
    public void An_amount_is_read_into_minor_units(string code, string text, long minor) =>
        Money.Parse(text, Currencies.Of(code)).Minor.ShouldBe(minor);

    [Theory]
    [InlineData("EUR", "1.005")]
    [InlineData("JPY", "1.0")]
    [InlineData("EUR", "")]
    [InlineData("EUR", "-")]
    [InlineData("EUR", ".5")]
    [InlineData("EUR", "5.")]
    [InlineData("EUR", "+5")]
    [InlineData("EUR", "1 000")]
    [InlineData("EUR", "1,00")]
    [InlineData("EUR", "1e3")]
    [InlineData("EUR", "٣")]
    [InlineData("EUR", "92233720368547758.08")]
    [InlineData("EUR", null)]
    public void What_is_no_amount_of_the_currency_is_not_read(string code, string? text)
    {
        Money.TryParse(text, Currencies.Of(code), out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Money.Parse(text!, Currencies.Of(code)));
    }

    [Theory]
    [InlineData("EUR", 1250, "12.50")]
    [InlineData("EUR", -5, "-0.05")]
    [InlineData("JPY", 1200, "1200")]
    [InlineData("KWD", 5, "0.005")]
    [InlineData("EUR", long.MinValue, "-92233720368547758.08")]
    public void An_amount_is_written_with_all_decimals_of_its_currency(string code, long minor, string text)
    {
        var money = new Money(minor, Currencies.Of(code));
        money.ToString().ShouldBe(text);
        Money.Parse(money.ToText(), money.Currency).ShouldBe(money);
    }

    [Fact]
    public void Amounts_add_subtract_and_compare()
    {
        (Euro("1.10") + Euro("2.20")).ShouldBe(Euro("3.30"));
        (Euro("1.10") - Euro("2.20")).ShouldBe(Euro("-1.10"));
        (-Euro("1.10")).IsNegative.ShouldBeTrue();
        (Euro("1.10") * 3).ShouldBe(Euro("3.30"));
        (Euro("1") < Euro("2")).ShouldBeTrue();
        (Euro("2") >= Euro("2")).ShouldBeTrue();
        Money.Min(Euro("1"), Euro("2")).ShouldBe(Euro("1"));
        Money.Max(Euro("1"), Euro("2")).ShouldBe(Euro("2"));
        Money.Sum(Eur, [Euro("1"), Euro("2.50")]).ShouldBe(Euro("3.50"));
        Money.Sum(Eur, []).IsZero.ShouldBeTrue();
    }

    [Fact]
    public void Two_currencies_never_meet_in_one_amount()
    {
        var dollar = Money.Parse("1", Currencies.Of("USD"));
        Should.Throw<InvariantBrokenException>(() => Euro("1") + dollar);
        Should.Throw<InvariantBrokenException>(() => Euro("1") - dollar);
        Should.Throw<InvariantBrokenException>(() => Euro("1") < dollar);
        Should.Throw<InvariantBrokenException>(() => Money.Sum(Eur, [dollar]));
    }

    [Fact]
    public void Overflow_throws()
    {
        var most = new Money(long.MaxValue, Eur);
        Should.Throw<OverflowException>(() => most + Euro("0.01"));
        Should.Throw<OverflowException>(() => -new Money(long.MinValue, Eur));
        Should.Throw<OverflowException>(() => most * 2);
        Should.Throw<OverflowException>(() => most.Share(3, 2, Rounding.Down));
    }

    [Fact]
    public void A_share_is_rounded_once()
    {
        Euro("1.00").Share(1, 3, Rounding.HalfAwayFromZero).ShouldBe(Euro("0.33"));
        Euro("1.00").Share(Quantity.Parse("2"), Quantity.Parse("3"), Rounding.HalfAwayFromZero).ShouldBe(Euro("0.67"));
        Euro("10.00").Share(Euro("2.50"), Euro("7.50"), Rounding.Up).ShouldBe(Euro("3.34"));
        Euro("50.00").Times(Rate.Parse("0.075")).ShouldBe(Euro("3.75"));
    }

    [Theory]
    [InlineData("3", "19.99", "1", "59.97")]
    [InlineData("2.5", "1.35", "1", "3.38")]
    [InlineData("-2.5", "1.35", "1", "-3.38")]
    [InlineData("250", "4.00", "100", "10.00")]
    public void Quantity_times_price_is_rounded_once(string quantity, string price, string per, string amount) =>
        Money.Of(Quantity.Parse(quantity), UnitPrice.Parse(price), Eur, Quantity.Parse(per)).ShouldBe(Euro(amount));

    [Fact]
    public void Foreign_money_is_worth_its_rate_in_company_currency()
    {
        var dollars = Money.Parse("1000.00", Currencies.Of("USD"));
        ExchangeRate.Parse("0.92").Convert(dollars, Eur).ShouldBe(Euro("920.00"));
        ExchangeRate.Parse("0.95").Convert(dollars, Eur).ShouldBe(Euro("950.00"));
        ExchangeRate.Parse("0.0061").Convert(Money.Parse("1000", Currencies.Of("JPY")), Eur).ShouldBe(Euro("6.10"));
        ExchangeRate.Parse("163.934426").Convert(Euro("6.10"), Currencies.Of("JPY")).ToText().ShouldBe("1000");
        ExchangeRate.Parse("3.123456789012").ToString().ShouldBe("3.123456789012");
        ExchangeRate.TryParse("0.1234567890123", out _).ShouldBeFalse();
    }

    [Fact]
    public void Currencies_know_their_decimals()
    {
        Currencies.Of("JPY").Exponent.ShouldBe(0);
        Currencies.Of("EUR").Exponent.ShouldBe(2);
        Currencies.Of("TND").Exponent.ShouldBe(3);
        Currencies.TryOf("eur", out _).ShouldBeFalse();
        Currencies.TryOf(null, out _).ShouldBeFalse();
        Should.Throw<InvariantBrokenException>(() => Currencies.Of("XXX"));
        Currencies.All.ShouldAllBe(currency => currency.Code.Length == 3);
    }
}
