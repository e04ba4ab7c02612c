using Plug1.Kernel.Security;

namespace Plug1.Kernel.Commands;

/// <summary>Who does something, where and when.</summary>
/// <param name="Actor">Who.</param>
/// <param name="BranchId">The branch it is done for.</param>
/// <param name="At">The instant, in UTC.</param>
/// <param name="BusinessDate">The day the branch counts it for.</param>
/// <param name="Hour">The hour of the branch's clock, 0 to 23.</param>
/// <param name="Device">The device, as it names itself.</param>
/// <param name="Address">The network address.</param>
public sealed record Stamp(Actor Actor, Guid BranchId, DateTimeOffset At, DateOnly BusinessDate, int Hour, string? Device = null, string? Address = null)
{
    /// <summary>Whether the actor has the permission at this branch.</summary>
    public bool May(string permission) => Actor.May(permission, BranchId);
}
