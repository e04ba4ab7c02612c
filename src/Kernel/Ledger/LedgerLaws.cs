using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>The laws of the books of all modules that run here.</summary>
/// <param name="all">All of them, for an engine.</param>
public sealed class LedgerLaws(Func<Engine, IReadOnlyList<LedgerLaw>> all)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<LedgerLaw> Of(Engine engine) => all(engine);
}

/// <summary>Says whether a month may be opened again; a module declares one for what it has closed.</summary>
public interface IPeriodGuard
{
    /// <summary>Asked when the month is locked, in the transaction that opens it.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="from">First day of the month.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Why not, or null.</returns>
    Task<Refusal?> MayReopen(Tx tx, DateOnly from, CancellationToken ct);
}
