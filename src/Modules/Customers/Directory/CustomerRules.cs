using Plug1.Kernel;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>What must hold between customers.</summary>
internal static class CustomerRules
{
    /// <summary>Whether a customer may have these identifiers and this tax identifier: no other one has them.</summary>
    /// <remarks>The tax identifier is compared with its country among all parties that are not merged, whoever entered them.</remarks>
    public static async Task<Result> MayTake(Tx tx, Guid self, CustomerData data, CancellationToken ct)
    {
        var values = data.Identifiers.Select(identifier => identifier.Value).ToList();
        var held = tx.Later($"select scheme, value from customer_identifier where value {Sql.List(values)} and held and document_id <> {self}", row => new Identifier(row.Text(0), row.Text(1)));
        var cards = tx.Later($"select card from party where card {Sql.List(data.Identifiers.Where(one => one.Scheme == Identifier.Card).Select(one => one.Value))} and id <> {self}", row => new Identifier(Identifier.Card, row.Text(0)));
        var taxed = tx.Later($"""
            select p.id from party p left join customer c on c.document_id = p.id
            where p.tax_id = {data.TaxId ?? ""} and p.id <> {self} and p.state <> 'merged' and coalesce(c.tax_country, p.country, '') = {data.TaxCountry ?? ""}
            """, row => row.Guid(0));
        await tx.Flush(ct);
        if (taxed.Value.Count > 0) return DirectoryRefusals.TaxIdTaken;
        var taken = held.Value.Concat(cards.Value).ToHashSet();
        for (var at = 0; at < data.Identifiers.Count; at++)
            if (taken.Contains(data.Identifiers[at])) return DirectoryRefusals.IdentifierTaken($"/identifiers/{at}/value");
        return Result.Done;
    }

    /// <summary>A refusal of the address book in the words of the directory.</summary>
    public static Refusal InOurWords(Refusal refusal) => refusal switch
    {
        _ when refusal == PartyRefusals.CardTaken => DirectoryRefusals.IdentifierTaken("/identifiers"),
        _ when refusal == PartyRefusals.Closed => DirectoryRefusals.Erased("/id"),
        _ => refusal,
    };
}
