using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>Puts this folder into the host.</summary>
public static class SecuritySetup
{
    /// <summary>Adds users, roles, sessions, tokens and second persons. The host adds the <see cref="Database"/>.</summary>
    public static IServiceCollection AddPlug1Security(this IServiceCollection services, Action<SecurityOptions>? configure = null)
    {
        services.AddOptions<SecurityOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddIdentityCore<User>()
            .AddUserStore<UserStore>()
            .AddTokenProvider<AuthenticatorTokenProvider<User>>(TokenOptions.DefaultAuthenticatorProvider);
        services.AddOptions<IdentityOptions>().Configure<IOptions<SecurityOptions>>((identity, options) =>
        {
            // Length is what makes a password hard to guess; rules of composition make it hard to remember.
            identity.Password = new PasswordOptions
            {
                RequiredLength = options.Value.PasswordLength,
                RequiredUniqueChars = 3,
                RequireDigit = false,
                RequireLowercase = false,
                RequireUppercase = false,
                RequireNonAlphanumeric = false,
            };
        });
        services.AddOptions<PasswordHasherOptions>().Configure<IOptions<SecurityOptions>>((hasher, options) => hasher.IterationCount = options.Value.PasswordRounds);
        services.AddSingleton(provider => SecretBox.FromFile(provider.GetRequiredService<IOptions<SecurityOptions>>().Value.KeyFile));
        services.AddSingleton<ConfigStamps>();
        services.AddSingleton<Actors>();
        services.AddSingleton<IdentityCore>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<Gate>();
        AddServices(services);
        return services;
    }

    private static void AddServices(IServiceCollection services)
    {
        // Constructors are internal, since what they take is; so each is called by name.
        services.AddSingleton(from => new Sessions(
            Of<Database>(from), Of<TimeProvider>(from), Of<Credentials>(from), Of<Actors>(from), Of<ConfigStamps>(from), Of<IOptions<SecurityOptions>>(from)));
        services.AddSingleton(from => new SecondPerson(
            Of<Database>(from), Of<TimeProvider>(from), Of<Credentials>(from), Of<Actors>(from), Of<IOptions<SecurityOptions>>(from)));
        services.AddSingleton(from => new ApiTokens(Of<Database>(from), Of<TimeProvider>(from), Of<Gate>(from), Of<ConfigStamps>(from)));
        services.AddSingleton(from => new Delegations(Of<Database>(from), Of<TimeProvider>(from), Of<Gate>(from), Of<ConfigStamps>(from)));
        services.AddSingleton(from => new Roles(Of<Database>(from), Of<TimeProvider>(from), Of<Gate>(from), Of<ConfigStamps>(from)));
        services.AddSingleton(from => new Setup.FirstUsers(Of<IdentityCore>(from), Of<ConfigStamps>(from), Of<TimeProvider>(from)));
        services.AddSingleton(from => new Users(
            Of<Database>(from), Of<TimeProvider>(from), Of<IdentityCore>(from), Of<Gate>(from), Of<ConfigStamps>(from)));
        services.AddSingleton(from => new OwnAccount(
            Of<Database>(from), Of<TimeProvider>(from), Of<IdentityCore>(from), Of<Credentials>(from), Of<ConfigStamps>(from)));
    }

    private static T Of<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
