pub async fn list() {}
