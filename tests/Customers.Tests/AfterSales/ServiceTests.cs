using FsCheck;
using FsCheck.Fluent;
using Plug1.Customers.AfterSales;
using Plug1.Kernel;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.AfterSales;

public sealed class ServiceTests
{
    private static readonly WorkingCalendar Bench = ClockTests.Weekdays([new(new(9, 0), new(17, 0))]);
    private static readonly EstimateTolerance Tolerance = new(Rate.Percent(10), Usd2("50.00"));
    private static readonly Fraction TwoThirds = Service.Entered(Rate.Parse("0.666667"));

    [Fact]
    public void A_part_of_84_00_covered_by_two_thirds_costs_the_customer_28_00()
    {
        Service.Split(Usd2("84.00"), TwoThirds).ShouldBe(new ServiceShare(Usd2("56.00"), Usd2("28.00")));
        Service.Split(Usd2("84.00"), new Fraction(16, 24)).ShouldBe(new ServiceShare(Usd2("56.00"), Usd2("28.00")));
        Service.Split(Usd2("51.30"), TwoThirds).ShouldBe(new ServiceShare(Usd2("34.20"), Usd2("17.10")));
        Should.Throw<InvariantBrokenException>(() => Service.Split(Usd2("1.00"), new Fraction(3, 2)));
    }

    [Fact]
    public void The_estimate_comes_to_28_00_net_2_24_tax_and_30_24_with_116_00_under_warranty()
    {
        ServiceShare[] lines = [Service.Split(Usd2("84.00"), TwoThirds), Service.Split(Usd2("60.00"), Service.Entered(Rate.One))];
        var net = Money.Sum(Usd, lines.Select(line => line.Customer));
        net.ShouldBe(Usd2("28.00"));
        net.Times(Rate.Percent(8)).ShouldBe(Usd2("2.24"));
        (net + net.Times(Rate.Percent(8))).ShouldBe(Usd2("30.24"));
        Money.Sum(Usd, lines.Select(line => line.Covered)).ShouldBe(Usd2("116.00"));
    }

    [Fact]
    public void A_final_of_90_00_on_28_00_needs_a_new_acceptance_and_10_percent_more_does_not()
    {
        Service.IsExceeded(Usd2("28.00"), Usd2("90.00"), Tolerance).ShouldBeTrue();
        Service.IsExceeded(Usd2("28.00"), Usd2("30.80"), Tolerance).ShouldBeFalse();
        Service.IsExceeded(Usd2("28.00"), Usd2("30.81"), Tolerance).ShouldBeTrue();
        Service.IsExceeded(Usd2("1000.00"), Usd2("1050.00"), Tolerance).ShouldBeFalse();
        Service.IsExceeded(Usd2("1000.00"), Usd2("1050.01"), Tolerance).ShouldBeTrue();
        Service.IsExceeded(Usd2("28.00"), Usd2("20.00"), Tolerance).ShouldBeFalse();
    }

    [Fact]
    public void From_monday_nine_to_wednesday_four_with_two_days_of_waiting_are_420_minutes() =>
        Service.Turnaround(Bench, ClockTests.At("2026-03-02 09:00"), ClockTests.At("2026-03-04 16:00"), [new Pause(ClockTests.At("2026-03-02 12:00"), ClockTests.At("2026-03-04 12:00"))])
            .ShouldBe(420);

    [Fact]
    public void The_diagnostic_fee_of_25_00_is_billed_when_declined_and_credited_when_accepted()
    {
        Service.FeeBilled(Usd2("25.00"), RepairOutcome.Declined).ShouldBe(Usd2("25.00"));
        Service.FeeBilled(Usd2("25.00"), RepairOutcome.NotRepairable).ShouldBe(Usd2("25.00"));
        Service.FeeBilled(Usd2("25.00"), RepairOutcome.Accepted).ShouldBe(Usd2("0.00"));
    }

    [Fact]
    public void The_serial_490154203237519_is_no_imei_and_490154203237518_is()
    {
        Serials.IsImei("490154203237519").ShouldBeFalse();
        Serials.IsImei("490154203237518").ShouldBeTrue();
        Serials.IsImei("49015420323751").ShouldBeFalse();
        Serials.IsImei("49015420323751x").ShouldBeFalse();
        Serials.IsLuhn("4539578763621486").ShouldBeTrue();
        Serials.IsLuhn("").ShouldBeFalse();
    }

    [Fact]
    public void Any_single_digit_that_is_wrong_is_found() =>
        Prop.ForAll(Gen.Choose(0, 14).SelectMany(at => Gen.Choose(1, 9).Select(by => (at, by))).ToArbitrary(), change =>
        {
            var digits = "490154203237518".ToCharArray();
            digits[change.at] = (char)('0' + ((digits[change.at] - '0' + change.by) % 10));
            return !Serials.IsImei(new string(digits));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Planned_visits_count_from_the_start_and_leave_closed_days()
    {
        Service.PlannedDates(Day("2026-01-31"), Length.Months(1), Bench, count: 3).ShouldBe([Day("2026-02-27"), Day("2026-03-31"), Day("2026-04-30")]);
        Service.PlannedDates(Day("2026-01-31"), Length.Months(1), Bench, BusinessDayRule.Following, until: Day("2026-03-31")).ShouldBe([Day("2026-03-02"), Day("2026-03-31")]);
        Service.PlannedDates(Day("2026-03-02"), Length.Days(7), Bench, count: 5, until: Day("2026-03-16")).ShouldBe([Day("2026-03-09"), Day("2026-03-16")]);
        Should.Throw<InvariantBrokenException>(() => Service.PlannedDates(Day("2026-03-02"), Length.Days(7), Bench));
    }

    [Fact]
    public void A_header_discount_spreads_over_what_is_not_covered()
    {
        Service.SpreadDiscount(Usd2("10.00"), [Usd2("28.00"), Usd2("0.00"), Usd2("14.00")]).ShouldBe([Usd2("6.67"), Usd2("0.00"), Usd2("3.33")]);
        Service.SpreadDiscount(Usd2("100.00"), [Usd2("28.00"), Usd2("14.00")]).ShouldBe([Usd2("28.00"), Usd2("14.00")]);
        Service.SpreadDiscount(Usd2("5.00"), [Usd2("0.00")]).ShouldBe([Usd2("0.00")]);
    }

    [Fact]
    public void A_repair_holds_when_the_unit_does_not_come_back_with_the_symptom_in_thirty_days()
    {
        Service.FirstTimeFix([
            new("A", "screen", Day("2026-01-01")), new("A", "screen", Day("2026-01-31")), new("A", "battery", Day("2026-02-01")), new("B", "screen", Day("2026-01-01")),
            new("B", "screen", Day("2026-02-01")),
        ]).ShouldBe(new Ratio(4, 5));
        Service.FirstTimeFix([]).ShouldBeNull();
    }

    [Fact]
    public void Both_shares_of_a_line_sum_to_it() =>
        Prop.ForAll(Gen.Choose(-1_000_000, 1_000_000).SelectMany(net => Gen.Choose(0, 1_000_000).Select(share => (net, share))).ToArbitrary(), line =>
        {
            var share = Service.Split(Cents(line.net), Service.Entered(new Rate(line.share)));
            return share.Covered + share.Customer == Cents(line.net) && Math.Abs(share.Covered.Minor) <= Math.Abs(line.net);
        }).QuickCheckThrowOnFailure();
}
