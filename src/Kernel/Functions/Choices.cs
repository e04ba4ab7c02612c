using System.Globalization;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Functions;

/// <summary>Something that a list, a report or an analysis may be filtered by.</summary>
/// <param name="Value">What the filter takes: an id or a code.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Hint">What tells it from others of the same name, or null.</param>
public sealed record Choice(string Value, string Label, string? Hint = null);

/// <summary>What filters choose from, found by what somebody types, and the names of what was chosen before.</summary>
/// <remarks>
/// It belongs to the function that is filtered: who may see its lists sees the names in them, and need not hold the permissions of
/// the master data behind them. Of users and shifts only those of the branches that the reader sees can be found by typing.
/// </remarks>
public sealed class Choices(CatalogueBook catalogue)
{
    /// <summary>The most that one answer has.</summary>
    public const int Most = 20;

    /// <summary>All kinds.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["user", "shift", "category", "item", "party", "terminal", "warehouse"];

    /// <summary>What fits the text: words or the beginning of a name, a number or a code; the first of all when it is empty.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="text">What was typed, or null.</param>
    /// <param name="scope">The branches that the reader sees.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>At most <see cref="Most"/>; refused with <c>CHOICES_UNKNOWN</c>.</returns>
    public async Task<Result<IReadOnlyList<Choice>>> Find(Db db, string kind, string? text, BranchScope scope, Viewer viewer, CancellationToken ct = default)
    {
        var words = SearchText.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool Fits(string searched) => SearchText.Fold(searched) is var folded && Array.TrueForAll(words, word => folded.Contains(word, StringComparison.Ordinal));
        switch (kind)
        {
            case "user":
                var users = await db.Query(Users(scope), row => new Choice(row.Guid(0).ToString("D"), row.Text(1), row.Text(2)), ct);
                return Result.Of<IReadOnlyList<Choice>>([.. users.Where(user => Fits($"{user.Label} {user.Hint}")).Take(Most)]);
            case "shift":
                var beginning = (text ?? "").Trim().ToUpperInvariant();
                Sql branches = scope.All ? Sql.Raw("") : $" and w.branch_id {Sql.List(scope.Ids)}";
                Sql number = beginning.Length == 0 ? Sql.Raw("") : $" and upper(w.number) like {"%" + Escaped(beginning) + "%"} escape '\\'";
                return Result.Of<IReadOnlyList<Choice>>(await db.Query($"{Shifts}{branches}{number} order by w.opened_at desc limit {Most}", row => Shift(row), ct));
            case "category":
                return Result.Of<IReadOnlyList<Choice>>([.. (await catalogue.Get(ct)).Categories.Where(category => Fits($"{category.Name} {category.Code}"))
                    .OrderBy(category => category.Name, StringComparer.Ordinal).Take(Most).Select(category => new Choice(category.Id.ToString("D"), category.Name, category.Code))]);
            case "item":
                return Result.Of<IReadOnlyList<Choice>>([.. (await catalogue.Get(ct)).Search(text, active: null).Take(Most)
                    .Select(card => new Choice(card.Item.Id.ToString("D"), card.Item.Name, card.Item.Sku))]);
            case "party":
                var parties = await PartyBook.Search(db, new PartyQuery(text, Limit: Most), ct);
                return Result.Of<IReadOnlyList<Choice>>([.. parties.Items.Select(party => new Choice(party.Id.ToString("D"), party.Name, party.Number))]);
            case "terminal":
                return Result.Of<IReadOnlyList<Choice>>([.. viewer.Organisation.Terminals.Where(terminal => scope.Ids.Contains(terminal.BranchId) && Fits($"{terminal.Code} {terminal.Name}"))
                    .Take(Most).Select(terminal => new Choice(terminal.Code, $"{terminal.Name} ({terminal.Code})", viewer.BranchName(terminal.BranchId)))]);
            case "warehouse":
                return Result.Of<IReadOnlyList<Choice>>([.. viewer.Organisation.Warehouses.Where(warehouse => scope.Ids.Contains(warehouse.BranchId) && Fits($"{warehouse.Code} {warehouse.Name}"))
                    .Take(Most).Select(warehouse => new Choice(warehouse.Code, warehouse.Name, viewer.BranchName(warehouse.BranchId)))]);
            default:
                return Reporting.Refusals.ChoicesUnknown(kind);
        }
    }

    /// <summary>The names of values; one that is not known, or is no id, keeps its own text.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="values">Values, in any order.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>One for each value, in their order; refused with <c>CHOICES_UNKNOWN</c>.</returns>
    public async Task<Result<IReadOnlyList<Choice>>> Name(Db db, string kind, IReadOnlyList<string> values, Viewer viewer, CancellationToken ct = default)
    {
        if (!Kinds.Contains(kind)) return Reporting.Refusals.ChoicesUnknown(kind);
        var ids = values.Select(value => Guid.TryParse(value, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct().ToList();
        Choice Of(Row row) => new(row.Guid(0).ToString("D"), row.Text(1), row.Text(2));
        var found = kind switch
        {
            "user" => await db.Query($"select id, name, user_name from app_user where id {Sql.List(ids)}", row => Of(row), ct),
            "shift" => await db.Query($"{Shifts} and w.id {Sql.List(ids)}", row => Shift(row), ct),
            "category" => await db.Query($"select id, name, code from category where id {Sql.List(ids)}", row => Of(row), ct),
            "item" => await db.Query($"select id, name, sku from item where id {Sql.List(ids)}", row => Of(row), ct),
            "party" => await db.Query($"select id, name, number from party where id {Sql.List(ids)}", row => Of(row), ct),
            "terminal" => [.. viewer.Organisation.Terminals.Where(terminal => values.Contains(terminal.Code)).Select(terminal => new Choice(terminal.Code, $"{terminal.Name} ({terminal.Code})"))],
            _ => [.. viewer.Organisation.Warehouses.Where(warehouse => values.Contains(warehouse.Code)).Select(warehouse => new Choice(warehouse.Code, warehouse.Name))],
        };
        var names = found.ToDictionary(choice => choice.Value, StringComparer.OrdinalIgnoreCase);
        return Result.Of<IReadOnlyList<Choice>>([.. values.Select(value => names.GetValueOrDefault(value) ?? new Choice(value, value == Reporting.Dimension.None ? "None" : value))]);
    }

    private static readonly Sql Shifts = Sql.Raw("select w.id, w.number, w.opened_at, coalesce(u.name, '') from work_session w left join app_user u on u.id = w.user_id where 1 = 1");

    private static Choice Shift(Row row) => new(row.Guid(0).ToString("D"), row.Text(1),
        string.Create(CultureInfo.InvariantCulture, $"{row.Instant(2).UtcDateTime:yyyy-MM-dd} {row.Text(3)}").Trim());

    // Users are few beside documents; their names are folded here, because the engines fold letters each in their own way.
    private static Sql Users(BranchScope scope)
    {
        Sql atBranches = scope.All ? Sql.Raw("") : $" where exists (select 1 from user_role r where r.user_id = u.id and (r.branch_id is null or r.branch_id {Sql.List(scope.Ids)}))";
        return $"select u.id, u.name, u.user_name from app_user u{atBranches} order by u.name, u.id limit 10000";
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
