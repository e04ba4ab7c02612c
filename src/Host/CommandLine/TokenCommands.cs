using System.CommandLine;
using Plug1.Kernel.Security;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 token create | list | revoke</c>: by which programs sign in.</summary>
internal static class TokenCommands
{
    private static readonly Option<string> User = new("--user") { Description = "As whom the program acts.", HelpName = "NAME", Required = true };

    private static readonly Option<string> Purpose = new("--name") { Description = "What the token is for.", HelpName = "TEXT", DefaultValueFactory = _ => "command line" };

    private static readonly Option<int?> Days = new("--days") { Description = "How many days it is good for; without it, until it is revoked.", HelpName = "N" };

    private static readonly Argument<string> Which = new("TOKEN") { Description = "Its id, or the beginning that 'token list' shows." };

    /// <summary>The command.</summary>
    public static Command Make() => new("token", "Tokens by which programs sign in.")
    {
        new Command("create", "Make a token and print it, alone on its line; it is shown this once.") { User, Purpose, Days }.Works(async (at, parsed, ct) =>
        {
            var user = await UserCommands.Find(at, parsed.GetRequiredValue(User), ct);
            DateTimeOffset? ends = parsed.GetValue(Days) is { } days ? at.Get<TimeProvider>().GetUtcNow().AddDays(days) : null;
            var created = (await at.Get<ApiTokens>().Create(Caller.System, parsed.GetRequiredValue(Purpose), user, ends, ct)).OrFail();
            Console.WriteLine(created.Token);
            return ExitCode.Done;
        }),
        new Command("list", "All tokens, without their secrets.").Works(async (at, _, ct) =>
        {
            var now = at.Get<TimeProvider>().GetUtcNow();
            var tokens = (await at.Get<ApiTokens>().List(Caller.System, ct)).OrFail();
            UserCommands.Print(["token", "user", "for", "state", "last used"], tokens.Select(token => new[]
            {
                token.Prefix, token.UserName, token.Name,
                token.RevokedAt is not null ? "revoked" : token.ExpiresAt <= now ? "ended" : token.ExpiresAt is { } ends ? $"until {ends:u}" : "active",
                token.LastUsedAt?.ToString("u") ?? "",
            }));
            return ExitCode.Done;
        }),
        new Command("revoke", "Take a token back.") { Which }.Works(async (at, parsed, ct) =>
        {
            var text = parsed.GetRequiredValue(Which);
            var found = (await at.Get<ApiTokens>().List(Caller.System, ct)).OrFail()
                .Where(token => token.RevokedAt is null && (token.Id.ToString("D") == text || (text.Length >= 8 && token.Prefix.StartsWith(text, StringComparison.Ordinal)))).ToList();
            if (found is not [var only]) throw new CommandFailure(found.Count == 0 ? $"No token in force is called '{text}'." : $"Several tokens begin with '{text}'; name one by its id.");
            if ((await at.Get<ApiTokens>().Revoke(Caller.System, only.Id, ct)).Refusal is { } no) throw new CommandFailure(no.Message);
            Console.WriteLine($"Token {only.Prefix} of {only.UserName} is revoked.");
            return ExitCode.Done;
        }),
    };
}
