using Plug1.Customers.Complaints;
using Plug1.Kernel;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Values;
using Shouldly;
using Xunit;
using static Plug1.Customers.Tests.Amounts;

namespace Plug1.Customers.Tests.Complaints;

public sealed class ComplaintTests
{
    [Theory]
    [InlineData(4, 4, 1)]
    [InlineData(4, 3, 1)]
    [InlineData(3, 3, 2)]
    [InlineData(2, 3, 2)]
    [InlineData(2, 2, 3)]
    [InlineData(1, 2, 3)]
    [InlineData(1, 1, 4)]
    public void Severity_and_impact_make_the_priority(int severity, int impact, int priority) =>
        ((int)ComplaintPriorities.Priority(severity, impact)).ShouldBe(priority);

    [Fact]
    public void Severity_2_impact_3_and_vulnerable_is_raised_to_P1() =>
        ComplaintPriorities.Priority(2, 3, vulnerable: true).ShouldBe(ComplaintPriority.P1);

    [Fact]
    public void Safety_and_regulators_are_P1_and_P1_is_raised_no_further()
    {
        ComplaintPriorities.Priority(1, 1, safety: true).ShouldBe(ComplaintPriority.P1);
        ComplaintPriorities.Priority(1, 1, regulatory: true, vulnerable: true).ShouldBe(ComplaintPriority.P1);
        ComplaintPriorities.Priority(1, 1, vulnerable: true).ShouldBe(ComplaintPriority.P3);
        Should.Throw<InvariantBrokenException>(() => ComplaintPriorities.Priority(0, 1));
    }

    [Fact]
    public void Raising_severity_or_impact_never_makes_a_complaint_less_urgent()
    {
        for (var severity = 1; severity < 4; severity++)
        {
            for (var impact = 1; impact <= 4; impact++)
                ((int)ComplaintPriorities.Priority(severity + 1, impact)).ShouldBeLessThanOrEqualTo((int)ComplaintPriorities.Priority(severity, impact));
        }
    }

    [Fact]
    public void Responses_are_due_in_1_5_10_or_15_business_days()
    {
        Enum.GetValues<ComplaintPriority>().Select(priority => ComplaintTargets.House(priority).Response)
            .ShouldBe([new(SlaUnit.BusinessDays, 1), new(SlaUnit.BusinessDays, 5), new(SlaUnit.BusinessDays, 10), new(SlaUnit.BusinessDays, 15)]);
        ComplaintTargets.UkDisp.Pauses.ShouldBeFalse();
        ComplaintTargets.House(ComplaintPriority.P1).Pauses.ShouldBeTrue();
    }

    [Fact]
    public void Root_causes_stand_by_cost_with_shares_that_add_up_to_all()
    {
        var rows = RootCausePareto.Of(
            [new("LATE", Usd2("30.00"), 60), new("BROKEN", Usd2("100.00"), 120), new("RUDE", Usd2("0.00"), 50)], ratePerHour: Usd2("24.00"));
        rows.ShouldBe(
        [
            new ParetoRow("BROKEN", Usd2("148.00"), new Rate(666_667), new Rate(666_667)),
            new ParetoRow("LATE", Usd2("54.00"), new Rate(243_243), new Rate(909_910)),
            new ParetoRow("RUDE", Usd2("20.00"), new Rate(90_090), Rate.One),
        ]);
        RootCausePareto.Of([new("NONE", Usd2("0.00"), 0)], Usd2("24.00"))[0].Cumulative.ShouldBe(Rate.Zero);
    }
}
