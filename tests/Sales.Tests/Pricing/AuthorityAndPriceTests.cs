using Plug1.Kernel;
using Plug1.Kernel.Values;
using Plug1.Sales.Pricing;
using Shouldly;
using Xunit;
using static Plug1.Sales.Tests.Pricing.Given;

namespace Plug1.Sales.Tests.Pricing;

public sealed class AuthorityAndPriceTests
{
    private static readonly DateOnly Today = new(2025, 6, 1);

    private static readonly PriceRow[] Rows =
    [
        Row(PriceListOwner.Base, "BASE", "5.00", "0", "2025-01-01"),
        Row(PriceListOwner.Base, "BASE", "4.00", "10", "2025-01-01"),
        Row(PriceListOwner.Base, "BASE", "4.50", "0", "2025-05-01"),
        Row(PriceListOwner.Base, "BASE", "1.00", "0", "2025-06-02"),
        Row(PriceListOwner.Channel, "WEB", "6.00", "0", "2025-01-01") with { Unit = "BOX" },
        Row(PriceListOwner.Channel, "WEB", "6.50", "0", "2025-01-01") with { Currency = Currencies.Of("USD") },
        Row(PriceListOwner.Branch, "HQ", "3.00", "0", "2024-01-01") with { ValidTo = Today },
        Row(PriceListOwner.Party, "P1", "4.80", "5", "2025-01-01"),
    ];

    [Fact]
    public void A_price_of_8_00_overridden_to_7_00_by_a_salesperson_waits_for_the_store_manager()
    {
        AuthorityLine[] lines = [Judged("8.00", "7.00")];
        var decision = Decide("sales", lines);
        decision.Share.ShouldBe(Rate.Parse("0.125"));
        decision.NeededRole.ShouldBe("store-manager");
        decision.Reasons[0].Code.ShouldBe("DISCOUNT_NEEDS_APPROVAL");
        decision.Reasons[0].At.ShouldBe("/lines/0");
        decision.Reasons[0].Message.ShouldBe("A discount of 12.5 % needs the approval of: store-manager.");
        Decide("store-manager", lines).IsAllowed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("cashier", "95.00", null)]
    [InlineData("cashier", "94.99", "sales")]
    [InlineData("sales", "90.00", null)]
    [InlineData("sales", "89.99", "store-manager")]
    [InlineData("store-manager", "75.00", null)]
    [InlineData("store-manager", "74.99", "administrator")]
    [InlineData("administrator", "0.00", null)]
    [InlineData("auditor", "99.99", "cashier")]
    [InlineData("auditor", "100.00", null)]
    public void A_role_gives_up_to_its_share_and_the_lowest_that_may_decides_beyond(string role, string value, string? needed) =>
        Decide(role, Judged("100.00", value)).NeededRole.ShouldBe(needed);

    [Fact]
    public void A_price_above_list_makes_no_room_for_a_discount_elsewhere()
    {
        // Line 0 alone is 5 %; with line 1 the document stays at 5 of 200.
        Decide("cashier", Judged("100.00", "95.00"), Judged("100.00", "120.00")).IsAllowed.ShouldBeTrue();
        Decide("cashier", Judged("100.00", "90.00"), Judged("100.00", "120.00")).NeededRole.ShouldBe("sales");
    }

    [Fact]
    public void Below_cost_needs_the_permission_or_the_store_manager()
    {
        var line = Judged("10.00", "10.00") with { Net = Euro("8.33"), Cost = Euro("8.34") };
        var decision = Decide("cashier", line);
        decision.NeededRole.ShouldBe("store-manager");
        decision.Reasons.ShouldHaveSingleItem().Code.ShouldBe("BELOW_COST_NEEDS_APPROVAL");
        DiscountAuthority.Default.Decide(["cashier"], maySellBelowCost: true, [line]).IsAllowed.ShouldBeTrue();
        Decide("store-manager", line).IsAllowed.ShouldBeTrue();
        Decide("cashier", line with { Cost = Euro("8.33") }).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public void Levels_that_do_not_rise_are_our_bug()
    {
        Should.Throw<InvariantBrokenException>(() => new DiscountAuthority([new("a", Rate.One)], "a"));
        Should.Throw<InvariantBrokenException>(() => new DiscountAuthority([new("a", Rate.One), new("b", Rate.One), new("c", null)], "a"));
        Should.Throw<InvariantBrokenException>(() => new DiscountAuthority([new("a", null)], "b"));
    }

    [Theory]
    [InlineData("1", "4.50", "BASE")]
    [InlineData("5", "4.80", "P1")]
    [InlineData("10", "4.80", "P1")]
    [InlineData("-5", "4.80", "P1")]
    public void The_first_list_with_a_row_gives_the_price_not_the_lowest(string quantity, string price, string list)
    {
        var row = PriceChoice.Choose(Rows, "PCE", Eur, Quantity.Parse(quantity), Today).Value;
        row.Price.ShouldBe(UnitPrice.Parse(price));
        row.List.ShouldBe(list);
        PriceChoice.Choose(Rows.Reverse(), "PCE", Eur, Quantity.Parse(quantity), Today).Value.ShouldBe(row);
    }

    [Fact]
    public void Inside_a_list_the_greatest_minimum_reached_wins_then_the_latest_day()
    {
        var own = Rows.Where(row => row.Owner == PriceListOwner.Base).ToList();
        PriceChoice.Choose(own, "PCE", Eur, Quantity.Of(10), Today).Value.Price.ShouldBe(UnitPrice.Parse("4.00"));
        PriceChoice.Choose(own, "PCE", Eur, Quantity.Of(9), Today).Value.Price.ShouldBe(UnitPrice.Parse("4.50"));
        PriceChoice.Choose(own, "PCE", Eur, Quantity.Of(9), Today.AddDays(1)).Value.Price.ShouldBe(UnitPrice.Parse("1.00"));
    }

    [Fact]
    public void A_list_that_ended_the_day_before_has_no_price() =>
        PriceChoice.Choose(Rows, "PCE", Eur, Quantity.One, Today.AddDays(-1)).Value.List.ShouldBe("HQ");

    [Fact]
    public void No_row_is_a_refusal() =>
        PriceChoice.Choose(Rows, "KGM", Eur, Quantity.One, Today, "/lines/2/itemId").Refusal
            .ShouldBe(PricingRefusals.PriceNotFound("/lines/2/itemId"));

    private static AuthorityDecision Decide(string role, params AuthorityLine[] lines) =>
        DiscountAuthority.Default.Decide([role], maySellBelowCost: false, lines);

    private static AuthorityLine Judged(string list, string value) => new(Euro(list), Euro(value), Euro(value));

    private static PriceRow Row(PriceListOwner owner, string list, string price, string minQuantity, string from) => new(
        owner, list, Guid.CreateVersion7(), "PCE", Eur, UnitPrice.Parse(price), Quantity.Parse(minQuantity),
        DateOnly.ParseExact(from, "yyyy-MM-dd"));
}
