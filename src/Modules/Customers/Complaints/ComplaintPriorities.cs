using Plug1.Kernel;
using Plug1.Kernel.Organisation;

namespace Plug1.Customers.Complaints;

/// <summary>How urgent a complaint is, the most urgent first.</summary>
internal enum ComplaintPriority
{
    /// <summary>At once.</summary>
    P1 = 1,

    /// <summary>Soon.</summary>
    P2,

    /// <summary>In the usual course.</summary>
    P3,

    /// <summary>When there is time.</summary>
    P4,
}

/// <summary>What is promised to who complains.</summary>
/// <param name="Acknowledge">Until it is acknowledged.</param>
/// <param name="Summary">Until a summary resolution, where the law knows one.</param>
/// <param name="Response">Until the final response.</param>
/// <param name="Pauses">Whether waiting for the customer stops the clocks.</param>
internal sealed record ComplaintTargets(SlaTarget Acknowledge, SlaTarget? Summary, SlaTarget Response, bool Pauses)
{
    /// <summary>The house's own: acknowledged in 2 business days, answered in 1, 5, 10 or 15 by priority.</summary>
    public static ComplaintTargets House(ComplaintPriority priority) => new(
        new SlaTarget(SlaUnit.BusinessDays, 2),
        null,
        new SlaTarget(SlaUnit.BusinessDays, priority switch { ComplaintPriority.P1 => 1, ComplaintPriority.P2 => 5, ComplaintPriority.P3 => 10, _ => 15 }),
        Pauses: true);

    /// <summary>The preset <c>uk-disp</c>: acknowledged in 5 business days, summary resolution by the close of the third, final response in 56
    /// calendar days; never paused.</summary>
    /// <remarks>Source: FCA Handbook, DISP 1.5 (three business days) and 1.6.2 (eight weeks).</remarks>
    public static ComplaintTargets UkDisp { get; } = new(
        new SlaTarget(SlaUnit.BusinessDays, 5), new SlaTarget(SlaUnit.BusinessDays, 3), new SlaTarget(SlaUnit.CalendarDays, 56), Pauses: false);
}

/// <summary>Finds how urgent a complaint is.</summary>
internal static class ComplaintPriorities
{
    /// <summary>P1 when it is about safety or a regulator; else by severity + impact: 7 to 8 P1, 5 to 6 P2, 3 to 4 P3, 2 P4; somebody vulnerable
    /// raises it by one. Severity 2, impact 3, vulnerable: P2 raised to P1.</summary>
    /// <param name="severity">1 to 4, 4 the worst.</param>
    /// <param name="impact">1 to 4, 4 the widest.</param>
    /// <param name="safety">Whether anybody's safety is concerned.</param>
    /// <param name="regulatory">Whether a regulator is concerned.</param>
    /// <param name="vulnerable">Whether the customer is vulnerable.</param>
    public static ComplaintPriority Priority(int severity, int impact, bool safety = false, bool regulatory = false, bool vulnerable = false)
    {
        Invariant.Holds(severity is >= 1 and <= 4 && impact is >= 1 and <= 4, "Severity and impact go from 1 to 4.");
        var priority = safety || regulatory ? 1 : (severity + impact) switch { >= 7 => 1, >= 5 => 2, >= 3 => 3, _ => 4 };
        return (ComplaintPriority)Math.Max(1, priority - (vulnerable ? 1 : 0));
    }
}
