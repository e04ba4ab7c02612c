using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Customers;

/// <summary>A figure on a customer's page.</summary>
/// <param name="Key">Name, camelCase.</param>
/// <param name="Label">Heading.</param>
/// <param name="Value">The figure as text: an amount, a number, a day.</param>
/// <param name="Type">money, quantity, integer, date or text.</param>
/// <param name="Currency">Currency of an amount.</param>
/// <param name="Page">Page that it leads to, or null.</param>
public sealed record OverviewCard(string Key, string Label, string? Value, string Type, string? Currency = null, string? Page = null);

/// <summary>Adds figures to the page of a customer: each function that knows something of customers registers one.</summary>
public interface IOverviewCards
{
    /// <summary>The figures of a customer and of all merged into it; none that the reader may not see.</summary>
    Task<IReadOnlyList<OverviewCard>> Cards(Db db, IReadOnlyList<Guid> parties, Actor actor, Stamp stamp, CancellationToken ct);
}
