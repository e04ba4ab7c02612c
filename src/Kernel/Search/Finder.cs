using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Search;

/// <summary>Something that was found.</summary>
/// <param name="Kind">document, item or party.</param>
/// <param name="Id">Which.</param>
/// <param name="Title">Number or name.</param>
/// <param name="Function">Function code of a document; empty for others.</param>
/// <param name="DocumentKind">Kind of a document; empty for others.</param>
/// <param name="Status">Status of a document; empty for others.</param>
/// <param name="Date">Business day of a document.</param>
/// <param name="Detail">SKU or number of what was found, or the text of the document in which the words stand.</param>
public sealed record Hit(string Kind, Guid Id, string Title, string Function, string DocumentKind, string Status, DateOnly? Date, string Detail);

/// <summary>Finds documents by the beginning of their number or by words that people wrote on them, items and parties by words of their names.</summary>
public static class Finder
{
    /// <summary>The most of one kind.</summary>
    public const int MostOfKind = 20;

    private const int OfFunction = 5;

    /// <summary>What a reader finds; nothing for less than two letters.</summary>
    /// <remarks>Names of items and parties are told to whoever may see any function: registers and lists show them too.</remarks>
    public static async Task<IReadOnlyList<Hit>> Find(Db db, FunctionCatalogue catalogue, Viewer viewer, string question, CancellationToken ct = default)
    {
        var q = question.Trim();
        if (q.Length < 2) return [];
        var seen = catalogue.All.Where(viewer.Sees).Select(function => (Function: function, Scope: viewer.Scope($"{function.Code}.view")))
            .Where(pair => !pair.Scope.IsRefused).Select(pair => (pair.Function, Scope: pair.Scope.Value)).ToList();
        if (seen.Count == 0) return [];
        var (low, high) = (q.ToUpperInvariant(), q.ToUpperInvariant() + "\uFFFD");
        var number = Sql.Raw(db.Engine == Engine.Postgres ? "coalesce(d.number, '') collate \"C\"" : "coalesce(d.number, '')");
        const string columns = "d.id, coalesce(d.number, ''), d.function, d.kind, d.status, d.business_date";
        var numbered = seen.ConvertAll(pair => db.Later($"""
            select {Sql.Raw(columns)}, '' from document d
            where d.function = {pair.Function.Code} and {number} >= {low} and {number} < {high}{At(pair.Scope)} order by {number}, d.id limit {OfFunction}
            """, Document));
        var matches = SearchIndex.Matches(db.Engine, q);
        var written = matches is null ? null : db.Later($"""
            select {Sql.Raw(columns)}, t.text from search_text t join document d on d.id = t.subject_id
            where {matches} and t.kind = 'document' and ({Sql.Join(" or ", seen.Select(pair => (Sql)$"({Dialect.Common(db.Engine, "d.function")} = {pair.Function.Code}{At(pair.Scope)})"))})
            order by d.business_date desc, d.id desc, t.seq desc limit {MostOfKind}
            """, Document);
        var items = matches is null ? null : db.Later($"""
            select distinct i.id, i.name, i.sku from search_text t join item i on i.id = t.subject_id where {matches} and t.kind = 'item' and i.active order by i.name, i.id limit {MostOfKind}
            """, row => new Hit("item", row.Guid(0), row.Text(1), "", "", "", null, row.Text(2)));
        var parties = Parties(db, q);
        await db.Flush(ct);
        return [.. numbered.SelectMany(found => found.Value).Concat(written?.Value ?? []).DistinctBy(hit => hit.Id).Take(2 * MostOfKind), .. items?.Value ?? [], .. parties?.Value ?? []];
    }

    /// <summary>Parties that have a word beginning with each word of the question, found by the rarest way: the words are indexed.</summary>
    private static Deferred<List<Hit>>? Parties(Db db, string q)
    {
        var words = SearchText.Words(q).Distinct().Take(SearchIndex.MostWords).ToList();
        if (words.Count == 0) return null;
        var tests = words.Skip(1).Select(word => (Sql)$" and exists (select 1 from party_word o where o.party_id = p.id and o.word >= {word} and o.word < {SearchText.EndOf(word)})");
        return db.Later($"""
            select distinct p.id, p.name, p.number from party_word w join party p on p.id = w.party_id
            where w.word >= {words[0]} and w.word < {SearchText.EndOf(words[0])} and p.state = 'active'{Sql.Join("", tests)} order by p.name, p.id limit {MostOfKind}
            """, row => new Hit("party", row.Guid(0), row.Text(1), "", "", "", null, row.Text(2)));
    }

    private static Sql At(BranchScope scope) => scope.All ? Sql.Raw("") : $" and d.branch_id {Sql.List(scope.Ids)}";

    private static Hit Document(Row row) => new("document", row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Date(5), row.Text(6));
}
