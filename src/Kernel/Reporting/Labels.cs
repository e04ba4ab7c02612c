using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Names for the ids that groups are keyed by: one round trip for all of them.</summary>
public sealed class Labels
{
    private static readonly string[] Weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    private readonly Dictionary<(string Column, string Key), string> names = [];

    /// <summary>Looks up the names that rows need.</summary>
    public static async Task<Labels> For(Db db, OrganisationView organisation, IReadOnlyList<Dimension> groups, IReadOnlyCollection<object[]> keys, CancellationToken ct = default)
    {
        var labels = new Labels();
        var waiting = new List<(string Column, Deferred<List<(Guid Id, string Name)>> Names)>();
        for (var at = 0; at < groups.Count; at++)
        {
            var column = groups[at].Column;
            if (!groups[at].IsId) continue;
            if (column == "branch_id")
            {
                foreach (var branch in organisation.Branches) labels.names[(column, branch.Id.ToString("D"))] = branch.Name;
                continue;
            }

            var place = at;
            var ids = keys.Select(key => (string)key[place]).Where(id => id.Length > 0).Distinct().Select(Guid.Parse).ToList();
            if (ids.Count == 0 || Query(column, Sql.List(ids)) is not { } query) continue;
            waiting.Add((column, db.Later(query, row => (row.Guid(0), row.Text(1)))));
        }

        await db.Flush(ct);
        foreach (var (column, found) in waiting)
            foreach (var (id, name) in found.Value) labels.names[(column, id.ToString("D"))] = name;
        return labels;
    }

    /// <summary>What a key is called: a name, a day, an hour, a weekday; a dash for none.</summary>
    public object? Of(Dimension dimension, object key) => key switch
    {
        long weekday when dimension.Key == "weekday" => Weekdays[(int)weekday - 1],
        string { Length: 0 } => null,
        string text when dimension.IsId => names.GetValueOrDefault((dimension.Column, text), text),
        _ => key,
    };

    /// <summary>The name of a weekday, 1 for Monday.</summary>
    public static string Weekday(int number) => Weekdays[number - 1];

    private static Sql? Query(string column, Members ids) => column switch
    {
        "user_id" => $"select id, name from app_user where id {ids}",
        "session_id" => $"select id, number from work_session where id {ids}",
        "category_id" => $"select id, name from category where id {ids}",
        "item_id" => $"select id, name from item where id {ids}",
        "party_id" => $"select id, name from party where id {ids}",
        "document_id" => $"select id, coalesce(number, kind) from document where id {ids}",
        _ => null,
    };
}
