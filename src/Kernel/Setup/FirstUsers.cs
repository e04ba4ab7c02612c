using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Setup;

/// <summary>The users that the first set-up makes, in its own transaction.</summary>
public sealed class FirstUsers
{
    private readonly IdentityCore identity;
    private readonly ConfigStamps stamps;
    private readonly TimeProvider clock;

    internal FirstUsers(IdentityCore identity, ConfigStamps stamps, TimeProvider clock) => (this.identity, this.stamps, this.clock) = (identity, stamps, clock);

    /// <summary>Somebody whose password is hashed already.</summary>
    public sealed class Prepared
    {
        internal Prepared(User user, string role) => (User, Role) = (user, role);

        /// <summary>The name to sign in.</summary>
        public string UserName => User.UserName;

        internal User User { get; }

        internal string Role { get; }
    }

    /// <summary>Checks names, roles and passwords and hashes them; the administrator comes first.</summary>
    /// <returns>Refused with the codes of making a user, at the place in the request.</returns>
    internal async Task<Result<IReadOnlyList<Prepared>>> Prepare(FirstRunRequest request, CancellationToken ct)
    {
        var wanted = new List<(string UserName, string Name, string Password, string Role, string At)>
        {
            (request.Administrator.UserName, request.Administrator.Name, request.Administrator.Password, RoleTemplates.Administrator, "/administrator"),
        };
        wanted.AddRange((request.Users ?? []).Select((user, at) => (user.UserName, user.Name, user.Password, user.Role, $"/users/{at}")));
        var people = new List<Prepared>();
        foreach (var (name, person, password, role, at) in wanted)
        {
            ct.ThrowIfCancellationRequested();
            var trimmed = name.Trim();
            if (!User.IsName(trimmed) || User.KeyOf(trimmed) == User.KeyOf(Actor.System.UserName)) return SecurityRefusals.UserNameInvalid with { At = $"{at}/userName" };
            if (people.Exists(known => known.User.Key == User.KeyOf(trimmed))) return FirstRunRefusals.UserTwice(people.Count - 1);
            if (Check.Text(person, $"{at}/name") is { } unnamed) return unnamed;
            if (RoleTemplates.All.All(template => template.Code != role)) return SecurityRefusals.RoleNamedUnknown($"{at}/role");
            var user = new User
            {
                Id = Ids.New(clock),
                UserName = trimmed,
                Key = User.KeyOf(trimmed),
                Name = person,
                SecurityStamp = Secrets.New(),
                Active = true,
                MustChange = people.Count > 0,
            };
            if (await identity.Unacceptable(user, password, $"{at}/password") is { } weak) return weak;
            user.PasswordHash = identity.Hash(user, password);
            people.Add(new Prepared(user, role));
        }

        return Result.Of<IReadOnlyList<Prepared>>(people);
    }

    /// <summary>Takes the lock under which users are made: a second set-up waits here and then finds the first one's.</summary>
    internal Task Begin(Tx tx, CancellationToken ct)
    {
        stamps.Move(tx, ConfigStamps.Security);
        return tx.Flush(ct);
    }

    /// <summary>Gathers them with their roles and audit events.</summary>
    internal void Stage(Tx tx, Stamp stamp, IReadOnlyList<Prepared> people)
    {
        var caller = new Caller(stamp.Actor, Device: stamp.Device, Address: stamp.Address);
        foreach (var person in people)
        {
            UserStore.StageInsert(tx, person.User, stamp.At, rows => Invariant.Holds(rows == 1, "A user was there in an empty database."));
            RoleRows.Stage(tx, person.User.Id, [new RoleAssignment(person.Role)]);
            SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.users", "create", "user", person.User.Id,
                Changes: [("userName", null, person.User.UserName), ("name", null, person.User.Name), ("roles", null, new[] { person.Role })]));
        }
    }
}
