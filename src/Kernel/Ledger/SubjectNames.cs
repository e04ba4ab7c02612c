using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Ledger;

/// <summary>What people call the subjects of sub-ledger accounts: names of items, warehouses, categories, tills, parties and people in place of ids.</summary>
public static class SubjectNames
{
    /// <summary>The names of subjects in one round trip; a part that is no id, or is not known, keeps its text.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="subjects">Subjects, parts divided by a slash.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>A name for each subject that is not empty.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> For(Db db, IEnumerable<string> subjects, CancellationToken ct = default)
    {
        var asked = subjects.Where(subject => subject.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var ids = asked.SelectMany(subject => subject.Split('/')).Where(part => Guid.TryParse(part, out _)).Select(Guid.Parse).Distinct().ToList();
        var names = new Dictionary<Guid, string>();
        if (ids.Count > 0)
        {
            var among = Sql.List(ids);
            var found = await db.Query($"""
                select id, name from item where id {among} union all select id, name from warehouse where id {among}
                union all select id, name from category where id {among} union all select id, name from terminal where id {among}
                union all select id, name from branch where id {among} union all select id, name from party where id {among}
                union all select id, name from app_user where id {among}
                """, row => (Id: row.Guid(0), Name: row.Text(1)), ct);
            foreach (var (id, name) in found) names[id] = name;
        }

        return asked.ToDictionary(subject => subject, subject => string.Join(", ",
            subject.Split('/').Select(part => Guid.TryParse(part, out var id) && names.TryGetValue(id, out var name) ? name : part)), StringComparer.Ordinal);
    }
}
