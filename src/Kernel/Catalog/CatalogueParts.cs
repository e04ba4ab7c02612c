using System.Collections.Concurrent;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Payments;

namespace Plug1.Kernel.Catalog;

/// <summary>The small tables of the catalogue, shared by all views between two changes of any of them.</summary>
internal sealed class CatalogueParts
{
    private readonly ConcurrentDictionary<(Guid Code, DateOnly Day), TaxScheme> schemes = new();
    private readonly ConcurrentDictionary<(Guid? Party, Guid? Terminal, string? Channel, Guid Branch, string Currency), (PriceList List, PriceSource Source)[]> asked = new();

    public required string Currency { get; init; }

    public required IReadOnlyList<Category> Categories { get; init; }

    public required IReadOnlyList<UnitOfMeasure> Units { get; init; }

    public required IReadOnlyList<TaxCodeRow> TaxCodeRows { get; init; }

    public required IReadOnlyList<TaxRateRow> TaxRateRows { get; init; }

    public required IReadOnlyList<PriceList> PriceLists { get; init; }

    public required IReadOnlyList<PaymentMethod> Methods { get; init; }

    public required IReadOnlyList<Denomination> Denominations { get; init; }

    public Dictionary<Guid, Category> CategoryById => field ??= Categories.ToDictionary(category => category.Id);

    public Dictionary<string, UnitOfMeasure> UnitByCode => field ??= Units.ToDictionary(unit => unit.Code, StringComparer.Ordinal);

    public Dictionary<Guid, PriceList> ListById => field ??= PriceLists.ToDictionary(list => list.Id);

    public Dictionary<string, PaymentMethod> MethodByCode => field ??= Methods.ToDictionary(method => method.Code, StringComparer.Ordinal);

    public Dictionary<Guid, TaxCodeEntry> TaxCodes => field ??= MakeTaxCodes();

    /// <summary>A row of <c>tax_code</c>.</summary>
    internal sealed record TaxCodeRow(Guid Id, string Code, string Name, TaxCategory Category, string? ExemptionReason, bool Active, long Version);

    /// <summary>A row of <c>tax_component</c>; rows come in the order of their code, place and date.</summary>
    internal sealed record TaxRateRow(Guid CodeId, long Seq, string Code, string Name, bool Compound, DatedRate Rate);

    /// <summary>True when nothing differs, so that what was derived may be kept.</summary>
    public bool IsSameAs(CatalogueParts other) =>
        IsSameForItems(other) && PriceLists.SequenceEqual(other.PriceLists) && Categories.SequenceEqual(other.Categories)
        && TaxCodeRows.SequenceEqual(other.TaxCodeRows) && TaxRateRows.SequenceEqual(other.TaxRateRows)
        && Methods.SequenceEqual(other.Methods) && Denominations.SequenceEqual(other.Denominations) && Currency == other.Currency;

    /// <summary>True when the items read with the other parts would be read alike with these.</summary>
    public bool IsSameForItems(CatalogueParts other) => Units.SequenceEqual(other.Units);

    public TaxScheme? Scheme(Guid code, DateOnly day)
    {
        if (schemes.TryGetValue((code, day), out var kept)) return kept;
        return TaxCodes.TryGetValue(code, out var entry) ? schemes.GetOrAdd((code, day), static (key, found) => found.Code.On(key.Day), entry) : null;
    }

    /// <summary>The lists that are asked for a price, the first one first.</summary>
    public (PriceList List, PriceSource Source)[] Asked(Guid? party, Guid? terminal, string? channel, Guid branch, string currency)
    {
        var key = (party, terminal, channel, branch, currency);
        if (asked.TryGetValue(key, out var kept)) return kept;
        var lists = new List<(PriceList, PriceSource)>();
        var usable = PriceLists.Where(list => list.Active && list.Currency == currency).OrderBy(list => list.Code, StringComparer.Ordinal).ToList();
        lists.AddRange(usable.Where(list => list.Id == party).Select(list => (list, PriceSource.Party)));
        lists.AddRange(usable.Where(list => list.Id == terminal).Select(list => (list, PriceSource.Terminal)));
        lists.AddRange(usable.Where(list => list.Channel is not null && list.Channel == channel && (list.BranchId is null || list.BranchId == branch))
            .Select(list => (list, PriceSource.Channel)));
        lists.AddRange(usable.Where(list => list.BranchId == branch && list.Channel is null).Select(list => (list, PriceSource.Branch)));
        lists.AddRange(usable.Where(list => list is { IsBase: true, BranchId: null, Channel: null }).Select(list => (list, PriceSource.Base)));
        return asked.GetOrAdd(key, [.. lists.DistinctBy(pair => pair.Item1.Id)]);
    }

    private Dictionary<Guid, TaxCodeEntry> MakeTaxCodes()
    {
        var components = TaxRateRows.GroupBy(row => row.CodeId).ToDictionary(group => group.Key, group => group.GroupBy(row => row.Seq)
            .Select(rates => new TaxComponent(rates.Last().Code, rates.Last().Name, rates.Last().Compound, [.. rates.Select(row => row.Rate)])).ToList());
        return TaxCodeRows.ToDictionary(row => row.Id, row => new TaxCodeEntry(
            row.Id, new TaxCode(row.Code, row.Name, row.Category, components.GetValueOrDefault(row.Id) ?? [], row.ExemptionReason), row.Active, row.Version));
    }
}
