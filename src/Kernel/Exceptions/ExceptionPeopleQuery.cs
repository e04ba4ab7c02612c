using Plug1.Kernel.Functions;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Exceptions;

/// <summary>Who may look after exceptions.</summary>
public static class ExceptionPeopleQuery
{
    /// <summary>The most that are told.</summary>
    public const int Most = 50;

    /// <summary>People who hold the permission at one of the branches, by name.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="scope">The branches.</param>
    /// <param name="text">Words of the name, or null.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<(Guid Id, string Name, string UserName)>> Read(Db db, BranchScope scope, string? text, CancellationToken ct = default)
    {
        var words = SearchText.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var people = await db.Query($"""
            select distinct u.id, u.name, u.user_name from app_user u join user_role r on r.user_id = u.id
            where u.active and u.id <> {Actor.SystemId} and (r.branch_id is null or r.branch_id {Sql.List(scope.Ids)})
              and (r.role = {RoleTemplates.Administrator} or r.role in (select role from role_permission where permission = {ExceptionDesk.Permission}))
            order by u.name, u.id
            """, row => (Id: row.Guid(0), Name: row.Text(1), UserName: row.Text(2)), ct);
        return [.. people.Where(person => Array.TrueForAll(words, word => SearchText.Fold($"{person.Name} {person.UserName}").Contains(word, StringComparison.Ordinal))).Take(Most)];
    }
}
