policy! {
    /// What every endpoint of the address management requires.
    pub IpamApi = manager & model_perms;
    throttle = "ipam";
}
