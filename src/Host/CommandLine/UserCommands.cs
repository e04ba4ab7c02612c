using System.CommandLine;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Spectre.Console;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 user create | list | password | roles | unlock</c>: done by whoever may read the data folder, on record as the system.</summary>
internal static class UserCommands
{
    private static readonly Argument<string> UserName = new("NAME") { Description = "The name to sign in." };

    private static readonly Option<string[]> Roles = new("--role")
    {
        Description = "A role for every branch, or role@branch for one; may be given several times.",
        HelpName = "ROLE[@BRANCH]",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> FromInput = new("--password-stdin") { Description = "Read the password from the first line of standard input; otherwise one is made up and printed." };

    private static readonly Option<bool> Keep = new("--keep-password") { Description = "The password need not be changed when they sign in first." };

    private static readonly Option<string?> FullName = new("--name") { Description = "The person's name.", HelpName = "TEXT" };

    /// <summary>The command.</summary>
    public static Command Make() => new("user", "Users: who may sign in.")
    {
        new Command("create", "Make a user.") { UserName, FullName, Roles, FromInput, Keep }.Works(async (at, parsed, ct) =>
        {
            var name = parsed.GetRequiredValue(UserName);
            var (password, made) = Password(parsed);
            var roles = await RolesOf(at, parsed, ct);
            var user = (await at.Get<Users>().Create(Caller.System, new NewUser(name, parsed.GetValue(FullName) ?? name, password, roles, !parsed.GetValue(Keep)), ct)).OrFail();
            Console.WriteLine(made ? $"User {user.UserName} was made. Password, shown once: {password}" : $"User {user.UserName} was made.");
            return ExitCode.Done;
        }),
        new Command("list", "All users.").Works(List),
        new Command("password", "Set a password; their sessions end.") { UserName, FromInput, Keep }.Works(async (at, parsed, ct) =>
        {
            var id = await Find(at, parsed.GetRequiredValue(UserName), ct);
            var (password, made) = Password(parsed);
            var user = (await at.Get<Users>().SetPassword(Caller.System, id, password, !parsed.GetValue(Keep), ct: ct)).OrFail();
            Console.WriteLine(made ? $"Password of {user.UserName}, shown once: {password}" : $"The password of {user.UserName} was set.");
            return ExitCode.Done;
        }),
        new Command("roles", "Replace the roles of a user.") { UserName, Roles }.Works(async (at, parsed, ct) =>
        {
            var id = await Find(at, parsed.GetRequiredValue(UserName), ct);
            var user = (await at.Get<Users>().AssignRoles(Caller.System, id, await RolesOf(at, parsed, ct), ct: ct)).OrFail();
            Console.WriteLine($"{user.UserName} holds: {await Shown(at, user.Roles, ct)}");
            return ExitCode.Done;
        }),
        new Command("unlock", "Take away the lock after failed attempts.") { UserName }.Works(async (at, parsed, ct) =>
        {
            var user = (await at.Get<Users>().Unlock(Caller.System, await Find(at, parsed.GetRequiredValue(UserName), ct), ct)).OrFail();
            Console.WriteLine($"{user.UserName} may sign in again.");
            return ExitCode.Done;
        }),
    };

    /// <summary>The user of a name.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static async Task<Guid> Find(Workplace at, string name, CancellationToken ct)
    {
        var key = name.Trim().ToUpperInvariant();
        var found = await at.Database.Read(db => db.Query($"select id from app_user where user_key = {key}", row => row.Guid(0), ct), ct);
        return found is [var id] ? id : throw new CommandFailure($"There is no user '{name}'. 'plug1 user list' shows them.");
    }

    /// <summary>A table on a terminal, tab-separated lines elsewhere.</summary>
    public static void Print(IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var row in rows) Console.WriteLine(string.Join('\t', row));
            return;
        }

        var table = new Spectre.Console.Table().Border(TableBorder.Rounded);
        foreach (var column in columns) table.AddColumn(column);
        foreach (var row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    private static async Task<int> List(Workplace at, ParseResult parsed, CancellationToken ct)
    {
        var rows = new List<string[]>();
        string? after = null;
        while (true)
        {
            var page = (await at.Get<Users>().List(Caller.System, after: after, limit: 200, ct: ct)).OrFail();
            foreach (var user in page)
            {
                var state = !user.Active ? "inactive" : user.LockedUntil is { } until && until > at.Get<TimeProvider>().GetUtcNow() ? $"locked until {until:u}" : "active";
                rows.Add([user.UserName, user.Name, state, await Shown(at, user.Roles, ct), user.LastSignInAt?.ToString("u") ?? ""]);
            }

            if (page.Count < 200) break;
            after = page[^1].UserName;
        }

        Print(["user", "name", "state", "roles", "last sign-in"], rows);
        return ExitCode.Done;
    }

    private static (string Password, bool Made) Password(ParseResult parsed)
    {
        if (!parsed.GetValue(FromInput)) return (Secrets.New()[..20], true);
        return (Console.In.ReadLine() is { Length: > 0 } line ? line : throw new CommandFailure("No password came on standard input.", ExitCode.Usage), false);
    }

    private static async Task<IReadOnlyList<RoleAssignment>> RolesOf(Workplace at, ParseResult parsed, CancellationToken ct)
    {
        var view = await at.Get<OrganisationBook>().Get(ct);
        return [.. (parsed.GetValue(Roles) ?? []).Select(text =>
        {
            if (text.Split('@', 2) is not [var role, var branch]) return new RoleAssignment(text);
            return new RoleAssignment(role, view.FindBranch(branch)?.Id ?? throw new CommandFailure($"There is no branch '{branch}'."));
        })];
    }

    private static async Task<string> Shown(Workplace at, IEnumerable<RoleAssignment> roles, CancellationToken ct)
    {
        var view = await at.Get<OrganisationBook>().Get(ct);
        return string.Join(", ", roles.Select(role => role.BranchId is { } branch ? $"{role.Role}@{view.Branch(branch).Code}" : role.Role));
    }
}
