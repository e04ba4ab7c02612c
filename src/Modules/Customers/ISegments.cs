using Plug1.Kernel.Storage;

namespace Plug1.Customers;

/// <summary>Who is in which segment, for promotions and channels: an indexed look at dated rows, told as of an instant.</summary>
public interface ISegments
{
    /// <summary>Whether a customer was in a segment at an instant.</summary>
    /// <param name="db">The session or transaction of the caller.</param>
    /// <param name="segment">Code of the segment; one that is unknown has no members.</param>
    /// <param name="party">The customer.</param>
    /// <param name="at">The instant.</param>
    /// <param name="ct">Cancellation.</param>
    Task<bool> IsMember(Db db, string segment, Guid party, DateTimeOffset at, CancellationToken ct = default);

    /// <summary>Who was in a segment at an instant, in the order of their ids.</summary>
    /// <inheritdoc cref="IsMember"/>
    Task<IReadOnlyList<Guid>> MembersAsOf(Db db, string segment, DateTimeOffset at, CancellationToken ct = default);
}
